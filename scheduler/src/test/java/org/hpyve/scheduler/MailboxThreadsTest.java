package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the threads are like that run mailboxes. */
@ParameterizedClass
@EnumSource
class MailboxThreadsTest extends SchedulerFixture {

    MailboxThreadsTest(Mode mode) {
        super(mode);
    }

    @Test
    void theContextClassLoaderIsTheCreatorsUnlessGiven() throws Exception {
        Thread creator = Thread.currentThread();
        ClassLoader before = creator.getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(new URL[0]);
                URLClassLoader given = new URLClassLoader(new URL[0])) {
            creator.setContextClassLoader(own);
            assertThat(loaderSeenBy(mode.scheduler())).isSameAs(own);
            assertThat(loaderSeenBy(mode.scheduler().contextClassLoader(given))).isSameAs(given);
        } finally {
            creator.setContextClassLoader(before);
        }
    }

    private ClassLoader loaderSeenBy(Scheduler.Builder builder) throws InterruptedException {
        try (Scheduler other = builder.name(prefix).build()) {
            Mailbox mailbox = other.mailbox("alpha", new CheckedResident()).start();
            try {
                return mailbox.call(() -> Thread.currentThread().getContextClassLoader());
            } finally {
                mailbox.close(LONG);
            }
        }
    }

    @Test
    void threadsAreDaemonsUnlessAskedOtherwise() throws Exception {
        assertThat(open().call(() -> Thread.currentThread().isDaemon())).isTrue();
        try (Scheduler users = mode.scheduler().name(prefix).daemon(false).build()) {
            Mailbox mailbox = users.mailbox("beta", new CheckedResident()).start();
            assertThat(mailbox.call(() -> Thread.currentThread().isDaemon())).isFalse();
            assertThat(mailbox.name()).isEqualTo("beta");
            mailbox.close(LONG);
        }
    }

    @Test
    void threadLocalsOfTheCreatorAreNotInherited() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("creator's");
        String seen = open().call(local::get);
        assertThat(seen).isNull();
        local.remove();
    }

    @Test
    void theStackSizeLimitsTheDepthOfRecursion() throws Exception {
        int small = depthWithin(1 << 20);
        int standard = depthWithin(Scheduler.Builder.DEFAULT_STACK_SIZE);
        assertThat(standard).isGreaterThan(4 * small);
        assertThatThrownBy(() -> Scheduler.builder().stackSize(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutAThreadTasksAreRefusedAndTheSchedulerCanBeClosed() throws Exception {
        Scheduler huge = mode.scheduler().name(prefix).stackSize(1L << 50).build();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> huge.mailbox("alpha", resident()).start(() -> null))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("'alpha' has no thread");
        }
        huge.close();
    }

    private int depthWithin(long stackSize) throws InterruptedException {
        int[] depth = new int[1];
        try (Scheduler other =
                mode.scheduler().name(prefix).stackSize(stackSize).build()) {
            Mailbox mailbox = other.mailbox("deep", new CheckedResident()).start();
            try {
                return mailbox.call(() -> {
                    try {
                        return descend(depth);
                    } catch (StackOverflowError deepest) {
                        return depth[0];
                    }
                });
            } finally {
                mailbox.close(LONG);
            }
        }
    }

    private static int descend(int[] depth) {
        depth[0]++;
        return descend(depth) + 1;
    }
}
