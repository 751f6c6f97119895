/**
 * A clock that runs twenty times as fast, for a process that is started with `--import`: what it waits for comes sooner, and
 * how much it waited reads the same.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const SPEED = 20;
const require = createRequire(import.meta.url);
const timers = require('node:timers');
const promises = require('node:timers/promises');

const { now } = Date;
const started = now();
Date.now = () => started + (now() - started) * SPEED;

const { setTimeout: later } = globalThis;
globalThis.setTimeout = Object.assign((act, after = 0, ...args) => later(act, after / SPEED, ...args), later);
timers.setTimeout = globalThis.setTimeout;
const laterPromised = promises.setTimeout;
promises.setTimeout = (after = 0, ...args) => laterPromised(after / SPEED, ...args);
// A busy machine is to have its time to answer.
const { timeout } = AbortSignal;
AbortSignal.timeout = (after) => timeout.call(AbortSignal, Math.ceil((2 * after) / SPEED));
syncBuiltinESMExports();
