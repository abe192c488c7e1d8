package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.controlplane.AuditLine;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What the report, the configuration and the audit trail say together about an outcome. */
final class OutcomeClaims {

  private OutcomeClaims() {}

  /** All checks passed and each compared something. */
  static Claim allChecksPassed(MigrationReport report) {
    List<String> troubles = new ArrayList<>();
    Set<CheckName> absent = EnumSet.allOf(CheckName.class);
    long compared = 0;
    for (CheckResult check : report.checks()) {
      absent.remove(check.check());
      compared += check.compared();
      if (check.status() != CheckResult.Status.PASSED || check.compared() == 0) {
        troubles.add(
            "%s %s, %d compared".formatted(check.check(), check.status(), check.compared()));
      }
    }
    absent.forEach(check -> troubles.add(check + " is not in the report"));
    return Claim.unless(
        troubles,
        "all %d checks passed and each compared something".formatted(CheckName.values().length),
        "%,d comparisons".formatted(compared));
  }

  /** The planted fault was found by its check. */
  static Claim faultFound(MigrationReport report, CheckName planted) {
    List<String> found =
        report.checks().stream()
            .filter(check -> check.check() == planted)
            .filter(check -> check.status() == CheckResult.Status.FAILED)
            .flatMap(check -> check.mismatches().stream())
            .toList();
    return new Claim(
        planted + " found the injected fault",
        !found.isEmpty(),
        found.isEmpty() ? "it is not FAILED, or names nothing" : found.get(0));
  }

  /** The configuration names the dedicated side, column by column. */
  static Claim routedToDedicated(SampleTenant tenant, TenantConfig now, Side dedicated) {
    TenantConfig expected =
        new TenantConfig(
            tenant.id(),
            "ENTERPRISE",
            TenantConfig.State.ACTIVE,
            dedicated.jdbcUrl(SampleRequests.dedicatedDatabase(tenant)),
            "s3://" + SampleRequests.dedicatedBucket(tenant) + "/",
            dedicated.kafkaBootstrap(),
            dedicated.elasticsearchUrl(),
            dedicated.redisUri(),
            now.version(),
            now.updatedAt());
    return Claim.unless(
        now.differencesFrom(expected),
        "tenant_config names the dedicated side, ENTERPRISE and ACTIVE",
        "version " + now.version());
  }

  /** The configuration says what it said before. */
  static Claim routedAsBefore(TenantConfig before, TenantConfig now) {
    return Claim.unless(
        now.differencesFrom(before),
        "tenant_config is what it was before",
        "version %d, then %d".formatted(before.version(), now.version()));
  }

  /** What the platform keeps is what the workflow answered, and the audit trail tells the same. */
  static Claim recordsAgree(
      MigrationReport report, MigrationReport kept, List<AuditLine> audit, Outcome expected) {
    List<String> troubles = new ArrayList<>();
    if (report.outcome() != expected) {
      troubles.add("the outcome is %s, not %s".formatted(report.outcome(), expected));
    }
    if (kept.outcome() != report.outcome() || !kept.checks().equals(report.checks())) {
      troubles.add("the kept report says %s".formatted(kept.outcome()));
    }
    List<AuditLine> own =
        audit.stream().filter(line -> line.migrationId().equals(report.migrationId())).toList();
    Set<Phase> audited = EnumSet.noneOf(Phase.class);
    own.forEach(line -> audited.add(Phase.valueOf(line.phase())));
    for (PhaseTiming phase : report.phases()) {
      if (!audited.contains(phase.phase())) {
        troubles.add("the audit trail does not tell of " + phase.phase());
      }
    }
    return Claim.unless(
        troubles,
        "the report, the record kept of it and the audit trail agree",
        "%s, %d lines of audit".formatted(report.outcome(), own.size()));
  }

  /** The audit trail tells which check failed. */
  static Claim auditSaysWhy(MigrationReport report, List<AuditLine> audit, CheckName planted) {
    List<String> lines =
        audit.stream()
            .filter(line -> line.migrationId().equals(report.migrationId()))
            .filter(line -> line.outcome().equals("FAILED"))
            .map(line -> line.phase() + " " + line.event() + " " + line.details())
            .filter(line -> line.contains(planted.name()))
            .toList();
    return new Claim(
        "the audit trail says why",
        !lines.isEmpty(),
        lines.isEmpty() ? "no line of it names " + planted : Objects.requireNonNull(lines.get(0)));
  }
}
