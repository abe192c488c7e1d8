package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Phase;

/** Why a migration was rolled back. */
public record Failure(Phase phase, FailureType type, String message) {}
