/**
 * The policies in force. Each has an id that stands in records, and a plain sentence that becomes the recorded reason.
 * Nothing is permitted unless a policy here says so; a forbid wins over every permit.
 */
export const CEDAR_POLICIES = `
@id("lease-log-analysis")
@reason("The log analyst may hold a lease for log analysis.")
permit (principal == Agent::"log-analyst", action == Action::"issueLease", resource == Task::"log-analysis");

@id("lease-metric-analysis")
@reason("The metric analyst may hold a lease for metric analysis.")
permit (principal == Agent::"metric-analyst", action == Action::"issueLease", resource == Task::"metric-analysis");

@id("lease-infrastructure-inspection")
@reason("The infrastructure inspector may hold a lease for infrastructure inspection.")
permit (
  principal == Agent::"infrastructure-inspector",
  action == Action::"issueLease",
  resource == Task::"infrastructure-inspection"
);

@id("lease-remediation")
@reason("The remediator may hold a lease for remediation under an approval of exactly this plan.")
permit (principal == Agent::"remediator", action == Action::"issueLease", resource == Task::"remediation");

@id("lease-remediation-needs-approval")
@reason("A lease that can change anything is issued only under a verified approval of exactly this plan.")
forbid (principal, action == Action::"issueLease", resource == Task::"remediation")
unless {
  context.approved &&
  context has planDigest &&
  context has approvedPlanDigest &&
  context.planDigest == context.approvedPlanDigest
};

@id("read-logs")
@reason("The log analyst may query logs under its log analysis lease.")
permit (principal == Agent::"log-analyst", action in Action::"logAnalysis", resource)
when { context.task == "log-analysis" };

@id("read-metrics")
@reason("The metric analyst may read metrics under its metric analysis lease.")
permit (principal == Agent::"metric-analyst", action in Action::"metricAnalysis", resource)
when { context.task == "metric-analysis" };

@id("read-infrastructure")
@reason("The infrastructure inspector may describe resources under its infrastructure inspection lease.")
permit (principal == Agent::"infrastructure-inspector", action in Action::"infrastructureInspection", resource)
when { context.task == "infrastructure-inspection" };

@id("change-approved")
@reason("The remediator may carry out the steps of the approved plan.")
permit (principal == Agent::"remediator", action in Action::"mutation", resource)
when { context.task == "remediation" && context.withinApproval };

@id("change-needs-approval")
@reason("Nothing is changed unless the remediator does it under an approval of exactly this plan.")
forbid (principal, action in Action::"mutation", resource)
unless {
  principal == Agent::"remediator" &&
  context.approved &&
  context has planDigest &&
  context has approvedPlanDigest &&
  context.planDigest == context.approvedPlanDigest
};

@id("change-as-planned")
@reason("A change is a step of the approved plan, on its resource and with its parameters.")
forbid (principal, action in Action::"mutation", resource)
unless { context.withinApproval };

@id("propose")
@reason("The remediator and the orchestrator may propose a remediation; proposing changes nothing.")
permit (principal, action == Action::"proposeRemediation", resource)
when { principal == Agent::"remediator" || principal == Agent::"orchestrator" };

@id("approve-by-a-person")
@reason("A remediation is approved or rejected by a person other than the requester, before it expires.")
permit (
  principal is User,
  action in [Action::"approveRemediation", Action::"rejectRemediation"],
  resource
);

@id("approve-not-by-requester")
@reason("Whoever requested a remediation cannot approve it.")
forbid (principal is User, action == Action::"approveRemediation", resource)
when { principal.reference == context.requester };

@id("approve-not-expired")
@reason("The time to decide has passed; an expired proposal counts as denied.")
forbid (principal, action in [Action::"approveRemediation", Action::"rejectRemediation"], resource)
when { context.expired };

@id("approve-what-was-shown")
@reason("The plan that was shown is not the plan that would be carried out.")
forbid (principal, action == Action::"approveRemediation", resource)
unless { context.planDigest == context.shownPlanDigest };
`;
