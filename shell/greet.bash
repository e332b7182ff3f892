if [[ $- == *i* && -t 1 && ${TERM:-dumb} != dumb && -z ${BASH_EXECUTION_STRING+x} ]]; then
    command nudge today --once || true
fi
