if [[ $- == *i* ]]; then
    _nudge_complete() {
        local line
        COMPREPLY=()
        while IFS= read -r line; do
            if [[ $line == $'\t'* ]]; then
                compopt -o default 2> /dev/null # the shell knows best how to complete files
            elif [[ -n $line ]]; then
                COMPREPLY+=("$line")
            fi
        done <<< "$(
            NUDGE_COMPLETE=bash command nudge "${COMP_LINE:0:COMP_POINT}" "${COMP_TYPE:-9}" \
                "${COLUMNS:-80}" "${COMP_WORDBREAKS-}" 2> /dev/null
        )"
        return 0
    }
    complete -o nosort -F _nudge_complete nudge 2> /dev/null || complete -F _nudge_complete nudge
fi
