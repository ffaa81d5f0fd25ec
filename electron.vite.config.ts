import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      minify: false, // a stack in the log has to say where
      rollupOptions: {
        input: {
          main: 'src-main/shell/main.ts',
          'audit/verify-worker': 'src-main/audit/verify-worker.ts',
          'audit/continuous/verify-worker': 'src-main/audit/continuous/verify-worker.ts',
          'audit/search/search-worker': 'src-main/audit/search/search-worker.ts',
          'compliance/evaluation/evaluate-worker': 'src-main/compliance/evaluation/evaluate-worker.ts',
          'compliance/evaluation/register-worker': 'src-main/compliance/evaluation/register-worker.ts',
          'compliance/reports/report-worker': 'src-main/compliance/reports/report-worker.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false, // a sandboxed preload can require nothing but electron
      rollupOptions: {
        input: { preload: 'src-main/preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    base: '/',
    publicDir: false,
    build: {
      outDir: 'out/renderer',
      assetsInlineLimit: 0, // the CSP allows no data: sources
      modulePreload: { polyfill: false }, // it would fetch, which the CSP refuses
      rollupOptions: { input: { index: 'src-renderer/index.html' } },
    },
    plugins: [react()],
  },
});
