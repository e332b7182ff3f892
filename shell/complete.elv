use str
set edit:completion:arg-completer[nudge] = {|@words|
    tmp E:NUDGE_COMPLETE = elvish
    var @lines = (e:nudge $@words 2>/dev/null | from-lines)
    if (and (> (count $lines) 0) (str:has-prefix $lines[0] "\t")) {
        edit:complete-filename $@words # the shell knows best how to complete files
    } else {
        each {|line|
            var value @help = (str:split "\t" $line)
            edit:complex-candidate $value &display=$value(if (== 0 (count $help)) { put '' } else { put '  ('$help[0]')' })
        } $lines
    }
}
