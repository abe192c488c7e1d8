package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.elasticsearch.ElasticsearchActivitiesImpl;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.tenantconfig.RecordActivitiesImpl;
import com.matih.tenantmigration.activities.tenantconfig.TenantConfigActivitiesImpl;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import java.util.ArrayList;
import java.util.List;

/** Puts together everything that a worker can do. */
final class ActivitySet {

  private final List<Object> implementations = new ArrayList<>();

  ActivitySet(ControlPlane controlPlane, SecretResolver secrets) {
    MigrationJournal journal = controlPlane.journal();
    implementations.add(new RecordActivitiesImpl(controlPlane));
    implementations.add(new TenantConfigActivitiesImpl(controlPlane, secrets));
    implementations.add(new ElasticsearchActivitiesImpl(secrets, journal));
  }

  /** One object for each activity interface. */
  Object[] implementations() {
    return implementations.toArray();
  }
}
