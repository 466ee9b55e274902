# One static binary and nothing else: no shell, no package manager, not root.
FROM golang:1.26 AS build
WORKDIR /src
# Modules in a layer of their own: fetched again only when go.mod changes.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build
# What an empty image lacks: folders that the user below may write to.
RUN mkdir -p /root-fs/data /root-fs/keys /root-fs/state && \
    chmod 700 /root-fs/data /root-fs/keys /root-fs/state && \
    mkdir -m 1777 /root-fs/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# Time zones as Go itself carries them.
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build --chown=65532:65532 /root-fs/ /
COPY --from=build /src/bin/homeward /homeward
COPY --from=build /src/LICENSE /LICENSE
USER 65532:65532
# Keys lie apart from the data: a copy of one is worth nothing without the other.
ENV ZONEINFO=/zoneinfo.zip \
    HOMEWARD_STORE=/data \
    HOMEWARD_KEYS=/keys
VOLUME ["/data", "/keys"]
EXPOSE 8080
# Started without settings it listens on the container's own loopback only. To be
# reached it needs --listen and one of --domain, --tls-cert/--tls-key or
# --trusted-proxy, as docker-compose.yml shows. There is no HEALTHCHECK: nothing in
# this image could ask over HTTP; the proxy in front asks /readyz, and so should yours.
ENTRYPOINT ["/homeward"]
CMD ["serve"]
