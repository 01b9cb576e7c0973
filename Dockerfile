# killcheck runs through go vet, so the image holds the Go toolchain. Usage:
#
#	docker build --build-arg GO=1.26 -t killcheck .
#	docker run --rm -v "$PWD:/src" killcheck ./...
#
# To keep findings between runs, add -v killcheck-cache:/cache.
ARG GO=1.26
FROM golang:${GO} AS build
WORKDIR /killcheck
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /killcheck-bin ./cmd/killcheck

FROM golang:${GO}
COPY --from=build /killcheck-bin /usr/local/bin/killcheck
# The module belongs to another user than that of the container: no VCS stamp,
# caches that anybody may write, and a git that looks at it for -new-from-rev.
ENV GOFLAGS=-buildvcs=false GOCACHE=/cache/build GOMODCACHE=/cache/mod
RUN mkdir -p /cache/build /cache/mod && chmod -R a+rwX /cache && git config --system --add safe.directory "*"
WORKDIR /src
ENTRYPOINT ["killcheck"]
CMD ["./..."]
