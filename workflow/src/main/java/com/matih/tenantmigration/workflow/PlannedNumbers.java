package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What to mind about a plan's numbers, where they are not what will move. A report's are, so it
 * says nothing of this.
 */
final class PlannedNumbers {

  private PlannedNumbers() {}

  static List<Warning> warnings(MigrationRequest request, StoresSummary stores) {
    List<Warning> warnings = new ArrayList<>();
    KafkaSpec kafka = request.kafka();
    StoresSummary.Kafka records = stores.kafka();
    if (kafka != null
        && records != null
        && !records.topics().isEmpty()
        && !kafka.topics().stream().allMatch(KafkaSpec.Topic::everyRecord)) {
      warnings.add(
          new Warning(
              "kafka",
              "topics",
              "The records counted are all of the shared topics', neighbours' included: at most so"
                  + " many move."));
    }
    StoresSummary.Redis keys = stores.redis();
    if (keys != null && keys.keys() > 0) {
      warnings.add(
          new Warning(
              "redis",
              "warm",
              "The keys counted are those that the shared Redis holds now; which are warmed, the"
                  + " loaders decide."));
    }
    return warnings;
  }
}
