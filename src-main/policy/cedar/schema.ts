/**
 * The words the policies may use. A request that names anything else, or whose context does not fit, is denied before
 * any policy is looked at. An operation of the cloud that is not listed here cannot be permitted by any policy.
 */
export const CEDAR_SCHEMA = `
entity Agent, User, System, ApiKey = { reference: String, human: String };
entity Task, CloudResource, Remediation, Model, AuditTrail, Subject, Secret, Protection;

type Lease = {
  approved: Bool,
  approvedPlanDigest?: String,
  planDigest?: String,
};

type Call = {
  approved: Bool,
  approvedPlanDigest?: String,
  lease: String,
  planDigest?: String,
  task: String,
  withinApproval: Bool,
};

type Proposal = {
  planDigest: String,
};

type Approval = {
  expired: Bool,
  planDigest: String,
  requesters: Set<String>,
  shownPlanDigest: String,
};

type Emergency = {
  expired: Bool,
  planDigest: String,
  reasonGiven: Bool,
  shownPlanDigest: String,
};

type Execution = {
  approvals: Long,
  breakGlass: Bool,
  environmentKind: String,
  kind: String,
  severity: String,
};

type ProtectionChange = {
  alone: Bool,
  approvals: Long,
  changeDigest: String,
  requester: String,
};

action dispatchAgent appliesTo { principal: Agent, resource: Task, context: { agent: String } };
action callModel appliesTo { principal: Agent, resource: Model, context: { purpose: String } };
action exportTrail appliesTo { principal: [User, ApiKey, System], resource: AuditTrail, context: { format: String } };
action eraseSubject
  appliesTo { principal: [User, ApiKey, System], resource: Subject, context: { request: String } };
action openSecret appliesTo {
  principal: [Agent, User, System, ApiKey],
  resource: Secret,
  context: { integration: String, purpose: String }
};
action changeProtection
  appliesTo { principal: [User, ApiKey], resource: Protection, context: ProtectionChange };

action issueLease appliesTo { principal: Agent, resource: Task, context: Lease };
action proposeRemediation appliesTo { principal: Agent, resource: Remediation, context: Proposal };
action approveRemediation, rejectRemediation
  appliesTo { principal: [User, ApiKey], resource: Remediation, context: Approval };
action breakGlass appliesTo { principal: [User, ApiKey], resource: Remediation, context: Emergency };
action executeRemediation appliesTo { principal: Agent, resource: Remediation, context: Execution };

action logAnalysis, metricAnalysis, infrastructureInspection, mutation;

action "logs:StartQuery", "logs:GetQueryResults", "logs:GetLogEvents"
  in [logAnalysis] appliesTo { principal: Agent, resource: CloudResource, context: Call };

action "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"
  in [metricAnalysis] appliesTo { principal: Agent, resource: CloudResource, context: Call };

action "ecs:DescribeClusters", "ecs:DescribeServices", "ecs:DescribeTasks", "ecs:DescribeTaskDefinition",
  "ecs:DescribeContainerInstances", "ecs:DescribeCapacityProviders", "ecs:DescribeTaskSets",
  "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
  "ec2:DescribeVpcs", "ec2:DescribeVolumes", "ec2:DescribeAvailabilityZones"
  in [infrastructureInspection] appliesTo { principal: Agent, resource: CloudResource, context: Call };

action "ecs:UpdateService", "ecs:RegisterTaskDefinition"
  in [mutation] appliesTo { principal: Agent, resource: CloudResource, context: Call };
`;
