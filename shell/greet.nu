if $nu.is-interactive and (is-terminal --stdout) and ($env.TERM? | default dumb) != dumb {
    ^nudge today --once
}
