# killcheck runs through go vet, so the image holds the Go toolchain. Usage:
#
#	docker build -t killcheck .
#	docker run --rm -v "$PWD:/src" killcheck ./...
#
# To keep findings between runs, add -v killcheck-cache:/cache. To let -fix write, run
# as the owner of the files: --user "$(id -u):$(id -g)".
#
# The image of another Go needs its digest, too: --build-arg GO=1.27.0@sha256:...
# The digest below is that of the index for all systems, as docker-library/repo-info
# lists it for golang:1.26.8.
ARG GO=1.26.8@sha256:9d2f36f06329b2a141b9db99ffa32765cf695ee57b813ca29e245e8670bcbfff
FROM golang:${GO} AS build
WORKDIR /killcheck
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -o /killcheck-bin ./cmd/killcheck

FROM golang:${GO}
COPY --from=build /killcheck-bin /usr/local/bin/killcheck
# The module belongs to another user than that of the container: no VCS stamp,
# caches that anybody may write, and a git that looks at it for -new-from-rev.
ENV GOFLAGS=-buildvcs=false GOCACHE=/cache/build GOMODCACHE=/cache/mod HOME=/cache/home
RUN mkdir -p /cache/build /cache/mod /cache/home && chmod -R a+rwX /cache && git config --system --add safe.directory "*"
# Nobody in particular. What is analysed does not run, but what builds it does.
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["killcheck"]
CMD ["./..."]
