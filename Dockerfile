# Roster in a container: one static program, no shell, an unprivileged user, and
# nothing to write to but /data.
#
#   docker run --read-only -p 8080:8080 -v roster:/data \
#     -e ROSTER_PUBLIC_URL=https://roster.example.com -e ROSTER_SECRET_KEYS=… roster
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
# timetzdata: the image has no time zones of its own.
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -tags timetzdata \
      -ldflags "-s -w -X main.version=${VERSION}" -o /out/roster . \
 && install -d -m 0750 /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/LICENSE /src/NOTICE /
COPY --from=build /out/roster /roster
COPY --from=build --chown=65532:65532 /out/data /data
ENV ROSTER_ADDR=0.0.0.0:8080 \
    ROSTER_DATABASE_URL=sqlite:///data/roster.db
USER 65532:65532
# Also where SQLite puts what does not fit into memory.
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/roster", "healthcheck"]
ENTRYPOINT ["/roster"]
