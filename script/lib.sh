# What script/run and script/test share. Sourced, not run.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# Installs Debian or Ubuntu packages where that is allowed; else says what is missing and fails.
install_packages() {
    local packages=("$@")
    [ ${#packages[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            say "These packages are missing: ${packages[*]}"
            say "Install them with: sudo apt-get install ${packages[*]}"
            return 1
        fi
    fi
    if ! command -v apt-get >/dev/null; then
        say "These Debian packages are missing, by whatever name your system has them: ${packages[*]}"
        return 1
    fi
    say "Installing ${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

is_linux() { [ "$(uname -s)" = Linux ]; }

# Whether the dynamic linker finds a library. ldconfig is not on every user's PATH.
has_library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -qF "$1 "; }

require_cargo() {
    command -v cargo >/dev/null && return 0
    say "Rust is missing. Install it from https://rustup.rs, then run this again"
    return 1
}

# What compiling needs beside Rust: a C compiler.
build_packages() {
    command -v cc >/dev/null || printf '%s\n' gcc libc6-dev
}
