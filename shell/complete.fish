if status is-interactive
    function __nudge_complete
        set -l word (commandline --current-token --cut-at-cursor | string unescape; or echo '')
        set -l words (commandline --current-process --tokenize --cut-at-cursor) "$word"
        set -l found (NUDGE_COMPLETE=fish command nudge $words 2>/dev/null)
        if string match --quiet \t'*' -- "$found[1]"
            __fish_complete_path "$word"
        else
            printf '%s\n' $found
        end
    end
    complete -c nudge --keep-order --no-files --arguments '(__nudge_complete)'
end
