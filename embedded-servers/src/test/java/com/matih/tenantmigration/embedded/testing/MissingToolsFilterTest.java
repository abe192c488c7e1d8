package com.matih.tenantmigration.embedded.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.TemporalKind;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;

@Isolated("the property that it sets is the whole process's")
class MissingToolsFilterTest {

  private final String before = System.getProperty(TemporalKind.PROPERTY, "");

  @BeforeEach
  void askForTheInMemoryServer() {
    System.setProperty(TemporalKind.PROPERTY, "in-memory");
  }

  @AfterEach
  void restore() {
    System.setProperty(TemporalKind.PROPERTY, before);
  }

  @Test
  void onTheInMemoryServerTestsOfARealOneAreTakenOut() {
    FilterResult result =
        new MissingToolsFilter().apply(new Tagged(MissingToolsFilter.TEMPORAL_SERVER));

    assertThat(result.excluded()).isTrue();
    assertThat(result.getReason().orElseThrow()).contains("bin/install-temporal");
  }

  @Test
  void testsThatNeedNothingStay() {
    assertThat(new MissingToolsFilter().apply(new Tagged("slow")).included()).isTrue();
  }

  /** A test with one tag. */
  private static final class Tagged extends AbstractTestDescriptor {

    private final String tag;

    Tagged(String tag) {
      super(UniqueId.forEngine("test"), "a test");
      this.tag = tag;
    }

    @Override
    public Set<TestTag> getTags() {
      return Set.of(TestTag.create(tag));
    }

    @Override
    public Type getType() {
      return Type.TEST;
    }
  }
}
