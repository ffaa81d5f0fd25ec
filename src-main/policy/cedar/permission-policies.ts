/**
 * Who may do what in a workspace. The table people are shown is made by asking these policies, so there is no second one
 * to disagree with. Nothing is permitted unless a policy here says so; a forbid wins over every permit.
 */
export const PERMISSION_POLICIES = `
@id("everybody-reads")
@reason("Everybody with a role in the workspace may read it, and verify its audit trail.")
permit (
  principal,
  action in [
    Action::"incidents.read",
    Action::"trail.read",
    Action::"trail.verify",
    Action::"policies.read",
    Action::"people.read",
    Action::"secrets.read",
    Action::"compliance.read"
  ],
  resource
)
when {
  principal in Role::"viewer" ||
  principal in Role::"operator" ||
  principal in Role::"admin" ||
  principal in Role::"owner"
};

@id("operators-respond")
@reason("Operators import incidents, investigate, decide on remediations, end leases, export the audit trail and make reports.")
permit (
  principal in Role::"operator",
  action in [
    Action::"incidents.import",
    Action::"investigations.run",
    Action::"approvals.decide",
    Action::"approvals.break-glass",
    Action::"approvals.review",
    Action::"trail.export",
    Action::"leases.revoke",
    Action::"reports.make"
  ],
  resource
);

@id("admins-administer")
@reason("Administrators run the workspace: its people, keys, secrets, witnesses and protections.")
permit (principal in Role::"admin", action, resource)
unless { action == Action::"approvals.break-glass" };

@id("owners-do-everything")
@reason("The owner of a workspace may do everything in it.")
permit (principal in Role::"owner", action, resource);

@id("own-workspace-only")
@reason("Nobody does anything in a workspace they do not belong to.")
forbid (principal, action, resource)
unless { principal.tenant == resource.tenant };

@id("owners-are-managed-by-owners")
@reason("Only an owner makes, changes or removes an owner.")
forbid (principal, action == Action::"people.manage", resource)
when { context has about && context.about == "owner" && !(principal in Role::"owner") };

@id("key-within-its-scopes")
@reason("An API key does only what it was made for.")
forbid (principal is ApiKey, action, resource)
unless { principal.scopes.contains(context.permission) };

@id("key-is-no-person")
@reason("What a person has to answer for, with their password or code, is not done by an API key.")
forbid (
  principal is ApiKey,
  action in [
    Action::"approvals.decide",
    Action::"approvals.break-glass",
    Action::"approvals.review",
    Action::"history.acknowledge",
    Action::"keys.rotate",
    Action::"protections.decide",
    Action::"policies.change",
    Action::"people.manage",
    Action::"api-keys.manage",
    Action::"compliance.manage",
    Action::"access-reviews.decide"
  ],
  resource
);
`;
