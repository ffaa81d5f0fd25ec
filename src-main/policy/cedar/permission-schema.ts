import { PERMISSIONS, Role } from '#shared/model/access.ts';

/** The words of the permission policies: who people are, and everything one may be permitted. */
export const PERMISSION_SCHEMA = `
entity Role enum [${listed(Role.options)}];
entity Person in [Role] = { tenant: String };
entity ApiKey in [Role] = { tenant: String, scopes: Set<String> };
entity Workspace = { tenant: String };

type Asked = {
  permission: String,
  about?: String,
};

action ${listed(PERMISSIONS)}
  appliesTo { principal: [Person, ApiKey], resource: Workspace, context: Asked };
`;

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
