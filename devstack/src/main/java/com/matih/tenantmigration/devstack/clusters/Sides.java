package com.matih.tenantmigration.devstack.clusters;

/** Both sides: where the sample's tenants live together, and where one gets stores of its own. */
public record Sides(Side shared, Side dedicated) {}
