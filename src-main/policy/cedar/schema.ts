/**
 * The words the policies may use. A request that names anything else, or whose context does not fit, is denied before
 * any policy is looked at. An operation of the cloud that is not listed here cannot be permitted by any policy.
 */
export const CEDAR_SCHEMA = `
entity Agent, User, System = { reference: String };
entity Task, CloudResource, Remediation;

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
  requester: String,
  shownPlanDigest: String,
};

action issueLease appliesTo { principal: Agent, resource: Task, context: Lease };
action proposeRemediation appliesTo { principal: Agent, resource: Remediation, context: Proposal };
action approveRemediation, rejectRemediation appliesTo { principal: User, resource: Remediation, context: Approval };

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
