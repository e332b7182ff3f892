if [[ -o interactive ]]; then
    # compinit may come later in the start-up file, or after the first prompt.
    _nudge_register() {
        emulate -L zsh
        (( ${+functions[compdef]} )) || return 0
        precmd_functions=(${precmd_functions:#_nudge_register})
        compdef _nudge nudge
        unfunction _nudge_register
        return 0
    }
    typeset -ga precmd_functions
    precmd_functions+=(_nudge_register)
fi
