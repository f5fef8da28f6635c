#!/bin/sh
# Puts Bedrock Playground where the desktop finds it, or takes it away again.
#
#   ./install.sh                      for you alone, below ~/.local
#   sudo ./install.sh /usr/local      for everyone on this computer
#   ./install.sh --remove [FOLDER]    what was put there, and nothing else
set -eu

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

remove=
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
case ${1:-} in -*) usage ;; esac
[ $# -le 1 ] || usage
prefix=${1:-${HOME:?names no folder; name one}/.local}
name=bedrock-playground
entry=share/applications/$name.desktop
cd "$(dirname "$0")"

if [ -n "$remove" ]; then
    find bin share -type f -exec sh -c 'for file; do rm -f "$0/$file"; done' "$prefix" {} +
    find share -depth -type d -name $name -exec sh -c \
        'for folder; do find "$0/$folder" -depth -type d -empty -delete 2>/dev/null || true; done' "$prefix" {} +
else
    mkdir -p "$prefix"
    prefix=$(cd "$prefix" && pwd)
    # Beside the old file first: a program that is running keeps its own.
    find bin share -type f -exec sh -c '
        set -e
        for file; do
            mkdir -p "$(dirname "$0/$file")"
            cp "$file" "$0/$file.new"
            mv -f "$0/$file.new" "$0/$file"
        done' "$prefix" {} +
    # A session may not look for programs there.
    sed -e "s|^Exec=$name|Exec=\"$prefix/bin/$name\"|" -e "s|^TryExec=$name|TryExec=$prefix/bin/$name|" \
        $entry >"$prefix/$entry"
fi

# Menus and "Open with" of desktops that keep lists of their own.
if command -v update-desktop-database >/dev/null; then
    update-desktop-database -q "$prefix/share/applications" || true
fi
if [ -f "$prefix/share/icons/hicolor/icon-theme.cache" ] && command -v gtk-update-icon-cache >/dev/null; then
    gtk-update-icon-cache -q -f -t "$prefix/share/icons/hicolor" || true
fi
if [ -n "$remove" ]; then
    # A list of nothing is what is left of one that began with this program.
    if ! find "$prefix/share/applications" -name '*.desktop' 2>/dev/null | grep -q .; then
        rm -f "$prefix/share/applications/mimeinfo.cache"
    fi
    echo "Removed from $prefix"
    exit
fi
echo "Installed below $prefix"
case :$PATH: in
    *":$prefix/bin:"*) ;;
    *) echo "Shells find it once $prefix/bin is in PATH; the menu does already" ;;
esac
