import type { Role } from '#shared/model/access.ts';
import { useAccess } from '../bridge/access-provider.tsx';
import { formatRoute } from '../navigation/route.ts';
import { ScreenTitle } from './screen-title.tsx';
import { ShapeIcon } from './shape-icon.tsx';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  operator: 'Operator',
  viewer: 'Viewer',
};

/** What stands where a screen would be that the person's role does not include. */
export function NoPermission({ page }: { readonly page: string }) {
  const { person, workspace } = useAccess().state;
  const role = person === null ? 'Your role' : `The role ${ROLE_NAMES[person.role]}`;
  return (
    <main className="screen">
      <ScreenTitle page={page}>{page}</ScreenTitle>
      <section className="no-permission" aria-label="No permission">
        <span className="no-permission-mark">
          <ShapeIcon shape="dash" />
        </span>
        <div className="stack-tight">
          <strong>Not part of your role</strong>
          <p className="wrap">
            {role} {workspace === null ? '' : `in “${workspace.title}” `}does not include this screen. Nothing is wrong,
            and nothing was refused: it was not asked for.
          </p>
          <p>Whoever owns the workspace can give you another role.</p>
          <p>
            <a href={formatRoute({ screen: 'incidents' })}>Back to the incidents</a>
          </p>
        </div>
      </section>
    </main>
  );
}
