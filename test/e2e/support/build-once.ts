import { build, isStale } from '#main/cli/start/build.ts';
import { PROJECT_ROOT } from '../../support/project-root.ts';

/** The specs run against what is built, so it is built first. */
// biome-ignore lint/style/noDefaultExport: Playwright's global set-up is a default export
export default function buildOnce(): void {
  if (!isStale(PROJECT_ROOT)) return;
  const failure = build(PROJECT_ROOT);
  if (failure !== null) throw new Error(failure);
}
