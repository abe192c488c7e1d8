package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import com.matih.tenantmigration.workflow.input.VisibleText;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.Cluster;
import com.matih.tenantmigration.workflow.request.KafkaSpec.ConsumerGroup;
import com.matih.tenantmigration.workflow.request.KafkaSpec.OpenTransactions;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import com.matih.tenantmigration.workflow.request.KafkaSpec.Topic;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.allowed.KafkaProperties;
import com.matih.tenantmigration.workflow.request.allowed.Objection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request's part for Kafka. */
final class KafkaProblems {

  /** As the broker checks it, in {@code org.apache.kafka.common.internals.Topic}. */
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  /** Stands for a reference in a login, where only a text in quotes may hold it. */
  private static final String QUOTED_ONLY = "§";

  private static final int MOST_TOPICS = 1_000;
  private static final int MOST_GROUPS = 1_000;

  /** As long as a topic's name; the broker itself knows no bound. */
  private static final int LONGEST_GROUP = 249;

  private KafkaProblems() {}

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  static void find(Problems problems, MigrationRequest request) {
    KafkaSpec kafka = request.kafka();
    if (kafka == null) {
      return;
    }
    cluster(problems, kafka.source(), "kafka.source");
    cluster(problems, kafka.target(), "kafka.target");
    problems.require(
        !kafka.topics().isEmpty(), "kafka.topics", "is empty", "Name a topic, or remove kafka.");
    boolean sameCluster =
        kafka.source() != null
            && kafka.target() != null
            && SamePlace.sameBrokers(
                kafka.source().bootstrapServers(), kafka.target().bootstrapServers());
    problems.count(kafka.topics(), MOST_TOPICS, "kafka.topics");
    for (int i = 0; i < kafka.topics().size(); i++) {
      topic(problems, kafka.topics().get(i), sameCluster, "kafka.topics[" + i + "]");
    }
    problems.distinct(kafka.topics(), Topic::from, "kafka.topics", "from");
    problems.distinct(kafka.topics(), Topic::to, "kafka.topics", "to");
    List<ConsumerGroup> groups = kafka.consumerGroups();
    problems.count(groups, MOST_GROUPS, "kafka.consumerGroups");
    for (int i = 0; i < groups.size(); i++) {
      group(problems, groups.get(i).from(), "kafka.consumerGroups[" + i + "].from");
      group(problems, groups.get(i).to(), "kafka.consumerGroups[" + i + "].to");
    }
    problems.distinct(groups, ConsumerGroup::from, "kafka.consumerGroups", "from");
    problems.distinct(groups, ConsumerGroup::to, "kafka.consumerGroups", "to");
    openTransactions(problems, kafka.openTransactions());
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void openTransactions(Problems problems, @Nullable OpenTransactions open) {
    String path = "kafka.openTransactions.timeout";
    if (open != null && problems.present(open.timeout(), path)) {
      problems.duration(open.timeout(), OpenTransactions.SHORTEST, OpenTransactions.LONGEST, path);
    }
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void cluster(Problems problems, Cluster cluster, String path) {
    if (!problems.present(cluster, path)) {
      return;
    }
    Addresses.bootstrapServers(problems, cluster.bootstrapServers(), path + ".bootstrapServers");
    // sorted: a copied map's own order differs from one process to the next
    for (Map.Entry<String, String> property : new TreeMap<>(cluster.properties()).entrySet()) {
      property(
          problems,
          property.getKey(),
          property.getValue(),
          path + ".properties." + VisibleText.of(property.getKey()));
    }
  }

  private static void property(Problems problems, String name, String value, String path) {
    boolean login = name.equals("sasl.jaas.config");
    Optional<Objection> objection =
        KafkaProperties.objection(
            name, login ? SecretReferences.replaceEach(value, QUOTED_ONLY) : value);
    if (objection.isPresent() && !login) {
      problems.add(path, objection.get().problem(), objection.get().remedy());
    } else if (Secrets.isSecretName(name)) {
      Secrets.requireReference(problems, value, path);
    } else if (Secrets.assignsLiteral(value)) {
      problems.add(path, "has a literal secret in it", Secrets.REMEDY);
    } else if (objection.isPresent()) {
      problems.add(path, objection.get().problem(), objection.get().remedy());
    } else {
      problems.require(
          login || !SecretReferences.isIn(value),
          path,
          "has a secret reference where none is allowed",
          "Write the value itself; only passwords, keys and tokens may be references.");
    }
  }

  private static void topic(Problems problems, Topic topic, boolean sameCluster, String path) {
    topicName(problems, topic.from(), path + ".from");
    topicName(problems, topic.to(), path + ".to");
    problems.require(
        !sameCluster || topic.from() == null || !topic.from().equals(topic.to()),
        path + ".to",
        "is the source",
        "Name the tenant's own topic.");
    int selectors = selectors(topic);
    problems.require(
        selectors == 1,
        path,
        selectors == 0
            ? "does not select the tenant's records"
            : "selects the tenant's records in more than one way",
        "Write exactly one: tenant: {header: …}, {keyPrefix: …} or {jsonField: …}, or all: true.");
    TenantSelector selector = topic.tenant();
    if (selector != null && selector.keyPrefix() != null) {
      problems.prefix(selector.keyPrefix(), path + ".tenant.keyPrefix");
    }
  }

  private static void group(Problems problems, @Nullable String name, String path) {
    if (problems.text(name, path) && name != null) {
      problems.require(
          name.length() <= LONGEST_GROUP,
          path,
          "is too long for a consumer group's name",
          "Write at most %d characters.".formatted(LONGEST_GROUP));
    }
  }

  private static void topicName(Problems problems, @Nullable String name, String path) {
    if (problems.text(name, path) && name != null) {
      problems.require(
          TOPIC.matcher(name).matches()
              && !name.equals(".")
              && !name.equals("..")
              && !name.startsWith("__"),
          path,
          "is not a topic's name",
          "Write letters, digits, dots, dashes and underscores; Kafka's own topics can't be"
              + " moved.");
    }
  }

  private static int selectors(Topic topic) {
    TenantSelector selector = topic.tenant();
    int count = topic.all() ? 1 : 0;
    if (selector != null) {
      count += selector.all() ? 1 : 0;
      count +=
          (int)
              Stream.<@Nullable String>of(
                      selector.header(), selector.keyPrefix(), selector.jsonField())
                  .filter(text -> text != null && !text.isBlank())
                  .count();
    }
    return count;
  }
}
