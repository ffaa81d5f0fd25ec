import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** The lock's place: a socket named after the folder, as the folder's own path may be too long for one. */
function socketOf(folder: string): string {
  const name = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 24);
  return process.platform === 'win32' ? `\\\\.\\pipe\\causeway-${name}` : path.join(tmpdir(), `causeway-${name}.sock`);
}

/**
 * Takes the lock of a folder, or tells its holder that somebody came. Synchronous, as Electron's is: a thread of its own
 * knocks while this one waits.
 */
export function takeInstanceLock(folder: string, onSecond: () => void): boolean {
  mkdirSync(folder, { recursive: true });
  const socket = socketOf(folder);
  if (knock(socket)) return false;
  if (process.platform !== 'win32') rmSync(socket, { force: true });
  const server = createServer((connection) => {
    connection.end();
    onSecond();
  });
  server.listen(socket);
  server.unref();
  process.on('exit', () => rmSync(socket, { force: true }));
  return true;
}

function knock(socket: string): boolean {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData: w } = require('node:worker_threads');
     const say = (answer) => { w.port.postMessage(answer); Atomics.store(w.done, 0, 1); Atomics.notify(w.done, 0); };
     const c = require('node:net').createConnection(w.socket);
     c.on('connect', () => { c.end(); say(true); });
     c.on('error', () => say(false));`,
    { eval: true, workerData: { socket, done, port: port2 }, transferList: [port2] },
  );
  Atomics.wait(done, 0, 0, 5000);
  const answer = receiveMessageOnPort(port1)?.message === true;
  port1.close();
  void worker.terminate();
  return answer;
}
