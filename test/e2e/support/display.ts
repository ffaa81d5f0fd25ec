import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Display {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * On Linux a virtual display of its own, large enough for every size looked at, so that no window appears on the
 * tester's; elsewhere, or without Xvfb, the display that is there.
 */
export async function openDisplay(): Promise<Display> {
  const none = { env: {}, stop: async () => {} };
  if (process.platform !== 'linux') return none;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '2560x1440x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = server.stdio[3];
  if (!pipe) throw new Error('Xvfb was started without a pipe');
  const failed = once(server, 'error').then(() => null); // not installed
  const found = await Promise.race([
    failed,
    once(pipe, 'data'),
    once(server, 'exit').then(() => Promise.reject(new Error('Xvfb did not start'))),
  ]);
  if (found === null) return none;
  const [number] = found as [Buffer];
  return {
    env: { DISPLAY: `:${number.toString().trim()}` },
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    },
  };
}
