# The image of guard and plugin: Node, the two bundles with their licences, nothing else. test/image builds and runs it.
#   docker build --build-arg COMMIT=$(git rev-parse HEAD) -t ghcr.io/linkerd-certs/linkerd-certs:v0.1.0 .
# The images may be others, a mirror's or pinned by digest, if they are of the same Debian. The Node is the one of
# release/node.json. For another machine than this one nothing runs that is of that machine: no emulator is needed.
ARG BUILD_IMAGE=docker.io/library/node:26.10.0-trixie-slim
ARG NODE_IMAGE=${BUILD_IMAGE}
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian13:nonroot

# Each stage says its platform: buildah 1.28 takes the one before for those that do not.
FROM --platform=${BUILDPLATFORM} ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# No package may run anything here. Neither esbuild nor the bundle needs it.
RUN npm ci --ignore-scripts
COPY . .
# There is no git here that could say it.
ARG COMMIT
RUN node release/image-contents.ts

FROM --platform=${TARGETPLATFORM} ${NODE_IMAGE} AS node

FROM --platform=${TARGETPLATFORM} ${RUNTIME_IMAGE}
ARG COMMIT=unknown
LABEL org.opencontainers.image.title=linkerd-certs \
    org.opencontainers.image.source=https://github.com/linkerd-certs/linkerd-certs \
    org.opencontainers.image.licenses=Apache-2.0 \
    org.opencontainers.image.revision=${COMMIT}
# Node without npm, and no shell beside it.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# Node needs it from version 25 on, and no distroless image has it (GoogleContainerTools/distroless#1981).
COPY --from=node /usr/lib/*-linux-gnu/libatomic.so.1* /usr/lib/
COPY --from=build /src/dist /app
# By number, so that Kubernetes sees that it is not root. It writes nowhere: the root may be read-only.
USER 65532:65532
WORKDIR /app
# The guard. The plugin, for Jobs and hooks: command: [node, /app/kubectl-linkerd_certs.cjs], args: [check].
EXPOSE 8443 8080
# Memory that was freed goes back to the system: one arena for all threads, and what is larger than 32 KiB,
# as every read from a socket is at first, on pages of its own. That spares 5 MiB under load.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=32768 \
    MALLOC_TOP_PAD_=16384
# Garbage is collected sooner, and the compiler that is largest itself stays unused: that spares 80 MiB under
# load for 7 % more of the processor. The last flag is for safety: no text ever becomes a program.
ENTRYPOINT ["/usr/local/bin/node", "--optimize-for-size", "--max-semi-space-size=1", "--no-turbofan", "--disallow-code-generation-from-strings", "/app/webhook.cjs"]
