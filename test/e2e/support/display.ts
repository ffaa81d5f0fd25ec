import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Display {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The display that is there, or on Linux without one a virtual one of 1920×1080. */
export async function openDisplay(): Promise<Display> {
  const none = { env: {}, stop: async () => {} };
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return none;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = server.stdio[3];
  if (!pipe) throw new Error('Xvfb was started without a pipe');
  const [number] = (await Promise.race([
    once(pipe, 'data'),
    once(server, 'exit').then(() => Promise.reject(new Error('Xvfb did not start'))),
  ])) as [Buffer];
  return {
    env: { DISPLAY: `:${number.toString().trim()}` },
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    },
  };
}
