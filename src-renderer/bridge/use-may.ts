import type { Permission } from '#shared/model/access.ts';
import { usePermissions } from './access-provider.tsx';

/** Whether the person who is signed in may do it. What one may not do is not on the screen. */
export function useMay(permission: Permission): boolean {
  return usePermissions().includes(permission);
}
