#!/bin/sh
# Installs lanekeeper into a project, shows what it does, or takes it out again.
# See `./install.sh --help`.
set -eu

executables='boundary-guard output-validator context-publisher handoff-preparer'
# The paths that older agent definitions name.
wrapped='output-validator context-publisher handoff-preparer'
folder=.claude/hooks/agent
made_list=.lanekeeper-folders

usage() {
    cat <<'TEXT'
usage: ./install.sh --demo
       ./install.sh --project DIR [--from DIR]
       ./install.sh --project DIR --uninstall
       ./install.sh --plugin [--from DIR]

  --demo         build, and play a recorded session in a throw-away project
  --project DIR  put the hooks into DIR/.claude/hooks/agent and enter them
                 into DIR/.claude/settings.json; nothing else there is touched
  --from DIR     take the four ready executables from DIR instead of building
  --uninstall    take out exactly what --project put in
  --plugin       put the executables into ./bin, so that this folder works as
                 a plugin: claude --plugin-dir .
TEXT
}

die() {
    printf 'install.sh: %s\n' "$1" >&2
    exit 1
}

# Builds the executables; prints the folder that holds them.
build() {
    command -v cargo >/dev/null || die 'cargo is missing: install Rust, or give --from DIR'
    printf 'building the four executables (a few minutes the first time)\n' >&2
    (cd "$here" && cargo build --release --bins >&2) || die 'the build failed'
    host=$(cd "$here" && rustc -vV | sed -n 's/^host: //p')
    (cd "$here" && cd "${CARGO_TARGET_DIR:-target}/$host/release" && pwd)
}

# The folder with the executables: the given one, checked, or a fresh build.
executables_folder() {
    [ -n "$1" ] || { build; return; }
    for name in $executables; do
        [ -x "$1/$name" ] || die "\`$1/$name\` is missing or not executable"
    done
    (cd "$1" && pwd)
}

# Copies the executables to $2, each replaced in one step: it may be running.
place() {
    for name in $executables; do
        if ! cp "$1/$name" "$2/.$name.new" 2>/dev/null || ! chmod 755 "$2/.$name.new"; then
            rm -f "$2/.$name.new"
            die "could not write to \`$2\`"
        fi
    done
    for name in $executables; do
        mv -f "$2/.$name.new" "$2/$name"
    done
}

install() {
    project=$1
    from=$(executables_folder "$2") || exit 1
    into=$project/$folder
    # From here to the end in one go: a Ctrl-C leaves all of it or nothing.
    trap '' INT TERM HUP
    made='' update=''
    [ ! -e "$into/boundary-guard" ] || update=yes
    for part in .claude .claude/hooks "$folder"; do
        [ -d "$project/$part" ] && continue
        mkdir "$project/$part" 2>/dev/null || die "could not make \`$project/$part\`"
        made="$part $made"
    done
    place "$from" "$into"
    for name in $wrapped; do
        if [ -e "$into/$name.sh" ] && [ ! -L "$into/$name.sh" ]; then
            printf 'kept your own %s\n' "$into/$name.sh"
        else
            ln -sf "$name" "$into/$name.sh"
        fi
    done
    [ -z "$made" ] || printf '%s\n' "$made" >"$into/$made_list"
    "$into/boundary-guard" setup --project "$project" || {
        status=$?
        # An update keeps what worked before; a first installation leaves nothing.
        [ -n "$update" ] || remove_files "$project"
        exit "$status"
    }
    printf 'installed into %s\n' "$into"
}

uninstall() {
    into=$1/$folder
    [ -x "$into/boundary-guard" ] || die "lanekeeper is not installed in \`$1\`"
    trap '' INT TERM HUP
    "$into/boundary-guard" setup --uninstall --project "$1"
    remove_files "$1"
    printf 'removed from %s\n' "$1"
}

# Removes our files, and the folders that we made as far as they are empty.
remove_files() {
    made=$(cat "$1/$folder/$made_list" 2>/dev/null) || made=
    for name in $executables; do
        rm -f "$1/$folder/$name" "$1/$folder/.$name.new"
    done
    for name in $wrapped; do
        [ ! -L "$1/$folder/$name.sh" ] || rm -f "$1/$folder/$name.sh"
    done
    rm -f "$1/$folder/$made_list"
    for part in $made; do
        rmdir "$1/$part" 2>/dev/null || :
    done
}

main() {
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    do='' project='' from=''
    while [ $# -gt 0 ]; do
        case $1 in
            --demo | --plugin) do=${1#--} ;;
            --uninstall) do=uninstall ;;
            --project | --from)
                [ $# -ge 2 ] || die "\`$1\` needs a folder"
                [ -d "$2" ] || die "\`$2\` is no folder"
                path=$(CDPATH='' cd -- "$2" && pwd)
                if [ "$1" = --project ]; then project=$path; else from=$path; fi
                shift
                ;;
            --help | -h) usage && exit 0 ;;
            *) die "unknown option \`$1\`; see --help" ;;
        esac
        shift
    done
    case $do,$project in
        demo,*) from=$(executables_folder "$from") && exec sh "$here/demo/play" "$from" ;;
        plugin,*) from=$(executables_folder "$from") && mkdir -p "$here/bin" && place "$from" "$here/bin" ;;
        ,?*) install "$project" "$from" ;;
        uninstall,?*) uninstall "$project" ;;
        *) usage >&2 && exit 1 ;;
    esac
}

main "$@"
