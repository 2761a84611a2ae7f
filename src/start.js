#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts main.ts. JavaScript, for then Node need not load what takes types out: what it made of our files last time
// lies in this cache. Where the folder cannot be written, all is as without.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/wasteland-bridge', import.meta.url)))
await import('./main.ts')
