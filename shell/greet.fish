if status is-interactive
    function __nudge_greet --on-event fish_prompt
        functions --erase __nudge_greet
        if test -t 1; and test "$TERM" != dumb
            command nudge today --once
        end
    end
end
