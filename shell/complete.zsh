_nudge() {
    local -a found
    found=("${(@f)$(NUDGE_COMPLETE=zsh command nudge "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    if [[ ${found[1]-} == $'\t'* ]]; then
        compset -P '--*='
        _files
    elif [[ -n ${found[1]-} ]]; then
        _describe -V nudge found
    fi
}
