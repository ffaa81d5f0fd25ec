import type { CausewayBridge } from '#shared/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload; absent when the page is opened outside the console. */
    readonly causeway?: CausewayBridge;
  }
}
