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
@reason("Whoever requested a remediation cannot approve it, under whichever account.")
forbid (principal, action == Action::"approveRemediation", resource)
when { context.requesters.contains(principal.reference) || context.requesters.contains(principal.human) };

@id("approve-not-by-api-key")
@reason("An API key approves nothing: a person has to answer for it.")
forbid (
  principal is ApiKey,
  action in [Action::"approveRemediation", Action::"rejectRemediation", Action::"breakGlass"],
  resource
);

@id("approve-not-expired")
@reason("The time to decide has passed; an expired proposal counts as denied.")
forbid (
  principal,
  action in [Action::"approveRemediation", Action::"rejectRemediation"],
  resource
)
when { context.expired };

@id("approve-what-was-shown")
@reason("The plan that was shown is not the plan that would be carried out.")
forbid (principal, action == Action::"approveRemediation", resource)
unless { context.planDigest == context.shownPlanDigest };

@id("break-glass")
@reason("In an emergency a person may approve alone, with a reason; another person reviews it afterwards.")
permit (principal is User, action == Action::"breakGlass", resource)
when { context.reasonGiven };

@id("break-glass-needs-a-reason")
@reason("Approving alone needs a reason.")
forbid (principal, action == Action::"breakGlass", resource)
unless { context.reasonGiven };

@id("break-glass-in-time")
@reason("The time to decide has passed; an expired proposal counts as denied, in an emergency too.")
forbid (principal, action == Action::"breakGlass", resource)
when { context.expired };

@id("break-glass-what-was-shown")
@reason("The plan that was shown is not the plan that would be carried out in this emergency.")
forbid (principal, action == Action::"breakGlass", resource)
unless { context.planDigest == context.shownPlanDigest };

@id("execute-approved")
@reason("The remediator may carry out a remediation that enough people approved.")
permit (principal == Agent::"remediator", action == Action::"executeRemediation", resource);

@id("execute-needs-approval")
@reason("Nothing is carried out that nobody approved.")
forbid (principal, action == Action::"executeRemediation", resource)
unless { context.approvals >= 1 };

@id("execute-critical-needs-two")
@reason("A change of a real environment in a critical incident needs two approvals, or one in an emergency.")
forbid (principal, action == Action::"executeRemediation", resource)
when { context.severity == "critical" && context.environmentKind == "aws" }
unless { context.approvals >= 2 || context.breakGlass };

@id("dispatch")
@reason("The orchestrator sends each agent to its own task.")
permit (principal == Agent::"orchestrator", action == Action::"dispatchAgent", resource)
when {
  (resource == Task::"log-analysis" && context.agent == "log-analyst") ||
  (resource == Task::"metric-analysis" && context.agent == "metric-analyst") ||
  (resource == Task::"infrastructure-inspection" && context.agent == "infrastructure-inspector") ||
  (resource == Task::"remediation" && context.agent == "remediator")
};

@id("no-model")
@reason("No agent may call a language model: nothing of an incident leaves the console for one.")
forbid (principal, action == Action::"callModel", resource);

@id("export-trail")
@reason("The audit trail may be exported by a person or an API key with the permission to.")
permit (principal, action == Action::"exportTrail", resource)
when { principal is User || principal is ApiKey };

@id("erase-by-a-person")
@reason("What is stored about a person is erased by a person.")
permit (principal is User, action == Action::"eraseSubject", resource);

@id("erase-only-by-a-person")
@reason("Nothing but a person erases what is stored about somebody.")
forbid (principal, action == Action::"eraseSubject", resource)
unless { principal is User };

@id("open-secret")
@reason("A secret is opened for a stated purpose.")
permit (principal, action == Action::"openSecret", resource)
when { context.purpose != "" };

@id("open-secret-not-by-agents")
@reason("Agents never get an integration's secret; they work under leases.")
forbid (principal is Agent, action == Action::"openSecret", resource);

@id("change-protection")
@reason("A person may change a protection that another person agreed to.")
permit (principal is User, action == Action::"changeProtection", resource);

@id("change-protection-needs-two")
@reason("A protection is changed only when a person other than the requester agrees, unless there is only one.")
forbid (principal, action == Action::"changeProtection", resource)
unless { context.alone || (context.approvals >= 1 && principal.human != context.requester) };
`;
