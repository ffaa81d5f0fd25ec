import type { z } from 'zod';
import type { PermissionMatrix } from '#shared/ipc/access-views.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { useConsoleEvents } from '../../bridge/events.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { HashText } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { ErrorPanel, Loading } from '../../components/states.tsx';
import { groupByPrefix, NO, ROLE_NAMES, YES } from './access-words.ts';

/** What each role may do, as a table made from the permission policies themselves. */
export function RolesSection() {
  const matrix = useQuery('matrix', () => call('access.matrix', {}));
  const { reload, data } = matrix;
  useConsoleEvents((event) => {
    if (event.type === 'access') reload();
  });
  return (
    <Panel
      title="Roles and permissions"
      className="list-section"
      aside={
        data === null ? undefined : (
          <span>
            policies <HashText value={data.policyVersion} what="Digest of the permission policies" />
          </span>
        )
      }
    >
      {matrix.error === null ? null : (
        <ErrorPanel error={matrix.error} title="The permissions could not be read" onRetry={reload} />
      )}
      {data === null && matrix.loading ? <Loading what="Reading the permission policies…" /> : null}
      {data === null ? null : <MatrixTable matrix={data} />}
      <p className="pad sub">
        The table is made from the policies that are asked at every call: there is no other list. What a role may not do
        is not on its screens, and a call made all the same is refused and recorded.
      </p>
    </Panel>
  );
}

function MatrixTable({ matrix }: { readonly matrix: z.infer<typeof PermissionMatrix> }) {
  const own = useAccess().state.person?.role ?? null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Permissions by role">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {matrix.roles.map((role) => (
              <th key={role} scope="col" {...(role === own ? { className: 'own-role' } : {})}>
                {ROLE_NAMES[role]}
                {role === own ? ' (you)' : ''}
              </th>
            ))}
            <th scope="col">Decided by</th>
          </tr>
        </thead>
        {groupByPrefix(matrix.rows).map(({ name, rows }) => (
          <tbody key={name}>
            <tr className="matrix-group">
              <th scope="rowgroup" colSpan={matrix.roles.length + 2}>
                {name}
              </th>
            </tr>
            {rows.map((row) => (
              <tr key={row.permission}>
                <th scope="row">
                  {row.text} <code className="faint">{row.permission}</code>
                </th>
                {matrix.roles.map((role) => (
                  <td key={role} {...(role === own ? { className: 'own-role' } : {})}>
                    <StateTag quiet state={row.allowed[role] ? YES : NO} />
                  </td>
                ))}
                <td className="wrap faint">
                  {row.policies.length === 0 ? 'no policy permits it' : <code>{row.policies.join(', ')}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}
