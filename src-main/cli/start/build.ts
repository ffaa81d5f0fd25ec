import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const SOURCES = ['src-main', 'src-shared', 'src-renderer', 'package.json', 'electron.vite.config.ts'];
const RESULTS = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** Whether something has to be built: a result is missing, or a source is newer than the oldest result. */
export function isStale(project: string): boolean {
  const results = RESULTS.map((file) => path.join(project, file));
  if (!results.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...results.map((file) => statSync(file).mtimeMs));
  return SOURCES.some((source) => newestIn(path.join(project, source)) > oldest);
}

function newestIn(place: string): number {
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(0, ...inside.map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}

/** Builds main, preload and page. Returns what the build printed when it failed, null when all is well. */
export function build(project: string): string | null {
  const cli = path.join(project, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'build'], { cwd: project, encoding: 'utf8' });
  return status === 0 ? null : `${stdout}\n${stderr}`;
}
