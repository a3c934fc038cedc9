#!/usr/bin/env bash
# Builds what `npm run bench:recall` runs and no package has: etcd, kube-apiserver, kube-controller-manager, kubelet and
# kube-state-metrics, from their Go modules, into the cache folder. Needs Go, jq and root; some ten minutes on two cores
# the first time, nothing after that.
set -euo pipefail

kubernetes=1.34.3
etcd=v3.6.6
kube_state_metrics=v2.15.0

bin="${XDG_CACHE_HOME:-$HOME/.cache}/restart-ledger/bin"
mkdir -p "$bin"
export CGO_ENABLED=0 GOFLAGS='-mod=mod -buildvcs=false'

packages=()
for program in containerd runc iproute2 prometheus prometheus-pushgateway openssl; do
  command -v "${program/iproute2/ip}" >/dev/null || packages+=("$program")
done
# The containers hold nothing but this one program: it must need no library.
busybox=$(command -v busybox || true)
[ -n "$busybox" ] && ! ldd "$busybox" >/dev/null 2>&1 || packages+=(busybox-static)
[ -x /usr/lib/cni/loopback ] || [ -x /opt/cni/bin/loopback ] || packages+=(containernetworking-plugins)
if [ ${#packages[@]} -gt 0 ]; then
  apt-get update --quiet
  # RUNLEVEL keeps the packages from starting their services.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${packages[@]}"
fi

# A package of a module in a module of its own: build PROGRAM PACKAGE MODULE@VERSION
build() {
  [ ! -x "$bin/$1" ] || return 0
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && go mod init tools && go get "$3" && go build -trimpath -ldflags '-s -w' -o "$bin/$1" "$2")
  rm -r "$folder"
}
build etcd go.etcd.io/etcd/server/v3 "go.etcd.io/etcd/server/v3@$etcd"
build kube-state-metrics k8s.io/kube-state-metrics/v2 "k8s.io/kube-state-metrics/v2@$kube_state_metrics"

# k8s.io/kubernetes replaces its staging modules by folders of its repository, which a module that depends on it does
# not inherit: each is required at its published version here. The version that a binary reports is set by its linker.
build_kubernetes() {
  local folder module=k8s.io/kubernetes@v$kubernetes staging=v0.${kubernetes#1.} flags='-s -w' package program
  folder=$(mktemp -d)
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<<"$kubernetes")"
  done
  (
    cd "$folder"
    go mod init tools
    sed -nE 's#^\s*(k8s.io/[a-z-]+) => \./staging/.*#\1#p' "$(go mod download -json "$module" | jq -r .GoMod)" |
      while read -r name; do go mod edit -require "$name@$staging"; done
    go mod edit -require "$module"
    for program in "$@"; do go build -trimpath -ldflags "$flags" -o "$bin/$program" "k8s.io/kubernetes/cmd/$program"; done
  )
  rm -r "$folder"
}
missing=()
for program in kube-apiserver kube-controller-manager kubelet; do
  [ -x "$bin/$program" ] || missing+=("$program")
done
[ ${#missing[@]} -eq 0 ] || build_kubernetes "${missing[@]}"
