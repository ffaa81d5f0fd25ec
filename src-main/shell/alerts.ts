import type { Notification } from 'electron';
import type { AccessDesk } from './access-desk.ts';

/** What of Electron's notifications is used. */
export type Notifications = Pick<typeof Notification, 'isSupported'> & {
  new (options: {
    title: string;
    body: string;
    urgency: 'critical';
  }): {
    on(event: 'show', listener: () => void): unknown;
    show(): void;
  };
};

/**
 * Shows alerts of the own chain on the desktop, also when the window is behind others; that one was shown is put on
 * record. Returns the function that ends it.
 */
export function showAlerts(
  notifications: Notifications,
  desk: Pick<AccessDesk, 'subscribe' | 'workspace'>,
  onError: (error: unknown) => void,
): () => void {
  // kept while they are shown: one that is collected tells no more that it was
  const shown = new Set<unknown>();
  return desk.subscribe('always', (event) => {
    if (event.type !== 'alert' || !notifications.isSupported()) return;
    const notification = new notifications({
      title: 'Causeway: the audit trail does not hold',
      body: event.text,
      urgency: 'critical',
    });
    shown.add(notification);
    notification.on('show', () => {
      shown.delete(notification);
      desk.workspace()?.alertShown().catch(onError);
    });
    notification.show();
  });
}
