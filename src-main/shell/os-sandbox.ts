/**
 * Whether the operating system's sandbox is turned on for every process, whatever the command line says. The one
 * exception is root on Linux who asked for `--no-sandbox`: there Chromium refuses to start otherwise, as in a container
 * that runs tests. For anybody else the switch has no effect.
 */
export function mustSandbox(at: {
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  readonly noSandboxAsked: boolean;
}): boolean {
  return !(at.platform === 'linux' && at.uid === 0 && at.noSandboxAsked);
}
