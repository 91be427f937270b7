#!/usr/bin/env bash
# Builds the image of ./Dockerfile where no container engine runs, and tries it as it is meant to
# run: as its own user, its root read-only, one writable volume, ended by SIGTERM.
#
#   sudo script/try_image.sh [IMAGE.tar]     IMAGE.tar: also save the image there
#
# Needs mmdebstrap, podman and buildah (Debian's packages), and root. Debian's own Python stands in
# for the base image, which can't be pulled here: everything above it is built from the Dockerfile
# unchanged. Run by hand; ./test does not.
set -euo pipefail
cd "$(dirname "$0")/.."

base=docker.io/library/python:3.13-slim-bookworm
image=localhost/vigil:try
term_seconds=10
ready_seconds=60
work=$(mktemp -d)
export BUILDAH_ISOLATION=chroot

# The storage driver that needs no rights of its own.
buildah() { command buildah --storage-driver vfs "$@"; }
podman() { command podman --storage-driver vfs "$@"; }

say() { printf '%s\n' "image: $*"; }

fail() {
    say "$*"
    [ ! -f "$work/log" ] || tail -n 20 "$work/log"
    exit 1
}

clean_up() {
    [ -z "${running:-}" ] || kill -9 "$running" 2>/dev/null || true
    for place in "$work"/root/{dev,proc,tmp,data,}; do umount -l "$place" 2>/dev/null || true; done
    buildah rm --all >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap clean_up EXIT

# The stand-in takes this machine's certificates along, so that it builds behind a proxy too.
# shellcheck disable=SC2016 # mmdebstrap's hooks are given the root as their own $1
make_base() {
    mmdebstrap --quiet --variant=minbase \
        --include=python3,python3-venv,python3-pip,ca-certificates \
        --customize-hook='ln -s /usr/bin/python3 "$1/usr/local/bin/python"' \
        --customize-hook='copy-in /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs' \
        --customize-hook='printf "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n" >"$1/etc/pip.conf"' \
        --customize-hook='mkdir -p "$1/etc/uv" && printf "native-tls = true\n" >"$1/etc/uv/uv.toml"' \
        bookworm "$work/base.tar"
    podman import --quiet "$work/base.tar" "$base" >/dev/null
    rm "$work/base.tar"
}

# Shows the image's files at $work/root, read-only but for /data and /tmp.
open_root() {
    container=$(buildah from --pull-never "$image")
    mkdir -p "$work/root" "$work/data"
    mount --bind "$(buildah mount "$container")" "$work/root"
    mount -o remount,bind,ro "$work/root"
    install -d -o 10001 -g 10001 -m 0700 "$work/data"
    mount --bind "$work/data" "$work/root/data"
    mount -t tmpfs tmpfs "$work/root/tmp"
    mount -t proc proc "$work/root/proc"
    mount --bind /dev "$work/root/dev"
}

# Puts what Dockerfile's ENV, USER and ENTRYPOINT say before a command.
inside() {
    exec chroot --userspec=10001:10001 "$work/root" /usr/bin/env -i PATH=/usr/bin:/bin \
        PYTHONPATH=/app PYTHONUNBUFFERED=1 VIGIL_CONFIG=/etc/vigil/config.toml \
        VIGIL_GENERAL__DATA_DIR=/data /venv/bin/python -P -m bot "$@"
}

wait_until_healthy() {
    for _ in $(seq "$ready_seconds"); do
        if (inside health) >"$work/health" 2>&1; then return; fi
        kill -0 "$running" 2>/dev/null || fail "vigil ended by itself."
        sleep 1
    done
    fail "vigil was not healthy within $ready_seconds s: $(cat "$work/health")"
}

# Counts seconds, since a drained vigil exits 0 and one cut off does not.
drain() {
    local began
    began=$(date +%s)
    kill -TERM "$running"
    timeout "$term_seconds" tail --pid="$running" -f /dev/null || fail "SIGTERM: still running after $term_seconds s."
    wait "$running" || fail "SIGTERM: exit status $?."
    running=
    say "SIGTERM: gone after $(($(date +%s) - began)) s, exit status 0"
}

make_base
buildah bud --pull-never --format docker --tag "$image" . >"$work/log" 2>&1 || fail "the build failed."
say "built, $(buildah images --format '{{.Size}}' "$image")"
open_root
if touch "$work/root/app/x" 2>/dev/null; then fail "the root is writable."; fi
say "$(inside --version)"
(inside run) >"$work/log" 2>&1 &
running=$!
wait_until_healthy
owner=$(stat -c '%u %a' "$work/data/vigil.db")
[ "$owner" = "10001 600" ] || fail "vigil.db belongs to and is open for: $owner"
say "runs as 10001 on a read-only root; HEALTHCHECK passes; vigil.db is its own, mode 0600"
drain
if [ $# -gt 0 ]; then
    buildah push --quiet "$image" "docker-archive:$1:vigil:latest" && say "saved: $1"
fi
