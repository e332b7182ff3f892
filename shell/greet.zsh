if [[ -o interactive ]]; then
    _nudge_greet() {
        emulate -L zsh
        [[ -t 1 ]] || return 0 # an instant prompt holds the terminal back: before the next prompt, then
        precmd_functions=(${precmd_functions:#_nudge_greet})
        unfunction _nudge_greet
        [[ ${TERM:-dumb} != dumb ]] && command nudge today --once
        return 0
    }
    typeset -ga precmd_functions
    precmd_functions+=(_nudge_greet)
fi
