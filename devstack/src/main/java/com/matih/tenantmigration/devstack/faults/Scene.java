package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleObjects;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.services.SampleServices;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;

/**
 * Where a fault is injected.
 *
 * @param tenant who is migrated
 * @param neighbour who is not
 */
public record Scene(
    Sides sides,
    SampleTenant tenant,
    SampleTenant neighbour,
    Isolation isolation,
    SampleServices services) {

  /** Changes the tenant's dedicated database, which refuses writes by default at this time. */
  void changeDedicatedDatabase(String sql) {
    Databases.execute(sides.dedicated(), SampleRequests.dedicatedDatabase(tenant), sql);
  }

  /** Where references to objects of the shared bucket begin. */
  String sharedReference() {
    return "s3://" + SampleObjects.BUCKET + "/" + tenant.objectPrefix();
  }

  /** Where references to objects of the dedicated bucket begin. */
  String dedicatedReference() {
    return "s3://" + dedicatedBucket() + "/";
  }

  String dedicatedBucket() {
    return SampleRequests.dedicatedBucket(tenant);
  }
}
