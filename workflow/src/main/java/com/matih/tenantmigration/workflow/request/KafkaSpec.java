package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tenant's records and the positions of the groups that read them.
 *
 * @param openTransactions how long somebody's open transaction is waited for
 */
public record KafkaSpec(
    Cluster source,
    Cluster target,
    List<Topic> topics,
    List<ConsumerGroup> consumerGroups,
    // left out where it is not given, which a worker of an earlier version can read
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OpenTransactions openTransactions)
    implements StoreSpec {

  /**
   * While the tenant is read-only, and the request does not say for how long: a producer that died
   * has 60 s by default ({@code transaction.timeout.ms}), and the broker looks for such
   * transactions every 10 s.
   */
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(75);

  /** A part that does not say how long an open transaction is waited for. */
  public KafkaSpec(
      Cluster source, Cluster target, List<Topic> topics, List<ConsumerGroup> consumerGroups) {
    this(source, target, topics, consumerGroups, null);
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public KafkaSpec {
    topics = topics == null ? List.of() : List.copyOf(topics);
    consumerGroups = consumerGroups == null ? List.of() : List.copyOf(consumerGroups);
  }

  /**
   * How long an open transaction that hides records of the tenant may hold up a read-only tenant.
   */
  public Duration waitForTransactions() {
    return waitForTransactions(USUAL_TIMEOUT);
  }

  /**
   * The same where the tenant works.
   *
   * @param usual how long where the request does not say it
   */
  public Duration waitForTransactions(Duration usual) {
    return openTransactions == null ? usual : openTransactions.timeout();
  }

  /**
   * A cluster and how clients reach it.
   *
   * @param properties further client properties ({@code security.protocol}, {@code
   *     sasl.jaas.config}, …), whose secrets are references
   */
  public record Cluster(String bootstrapServers, Map<String, String> properties) {
    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Cluster {
      properties = properties == null ? Map.of() : Map.copyOf(properties);
    }
  }

  /**
   * A shared topic and the dedicated one that the tenant's records are replayed into.
   *
   * @param tenant how the tenant's records are told from the others'
   * @param all {@code true} where every record is the tenant's, in place of {@code tenant}
   * @param unmarked what becomes of records that do not say whose they are; they are left where it
   *     is not given
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  public record Topic(
      String from,
      String to,
      @Nullable TenantSelector tenant,
      boolean all,
      @Nullable Unmarked unmarked) {

    /** A topic whose unmarked records are left. */
    public Topic(String from, String to, @Nullable TenantSelector tenant, boolean all) {
      this(from, to, tenant, all, null);
    }

    /** Whether every record of the topic is the tenant's. */
    public boolean everyRecord() {
      return all || (tenant != null && tenant.all());
    }
  }

  /** What becomes of records that do not say whose they are. */
  public enum Unmarked {
    /** They stay behind, and the plan counts them. */
    @JsonProperty("leave")
    LEAVE,
    /** The plan is refused, and one that arrives later ends the migration. */
    @JsonProperty("refuse")
    REFUSE
  }

  /**
   * How a record says whose it is; exactly one of them is set.
   *
   * @param header the name of a header whose value is the tenant key
   * @param keyPrefix what the tenant's record keys begin with
   * @param jsonField the field of a JSON value that holds the tenant key
   * @param all every record is the tenant's
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  public record TenantSelector(
      @Nullable String header,
      @Nullable String keyPrefix,
      @Nullable String jsonField,
      boolean all) {}

  /** A consumer group of the shared cluster and its name on the dedicated one. */
  public record ConsumerGroup(String from, String to) {}

  /**
   * Transactions that somebody has open in a shared topic, and that hide what was written after
   * their first record.
   *
   * @param timeout how long one that hides records of the tenant is waited for
   */
  public record OpenTransactions(
      @JsonSerialize(using = ShortDuration.Serializer.class)
          @JsonDeserialize(using = ShortDuration.Deserializer.class)
          Duration timeout) {

    /** The shortest and the longest timeout that may be asked for. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    public static final Duration LONGEST = Duration.ofHours(1);
  }
}
