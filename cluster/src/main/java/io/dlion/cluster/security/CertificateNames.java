package io.dlion.cluster.security;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Names in certificates. A worker's name is the certificate's common name and, since common names
 * are looked at by nobody else any more, its only alternative name of the form {@code
 * dlion:worker:NAME}; a certificate in which they differ is of nobody. An operator's is {@code
 * dlion:operator:NAME}. No certificate is of both.
 */
final class CertificateNames {
  private static final String WORKER = "dlion:worker:";

  private static final String OPERATOR = "dlion:operator:";

  /** Types of alternative names, RFC 5280 section 4.2.1.6. */
  private static final int DNS = 2;

  private static final int URI = 6;
  private static final int ADDRESS = 7;

  private CertificateNames() {}

  static String uri(WorkerId name) {
    return WORKER + name;
  }

  static String operatorUri(WorkerId name) {
    return OPERATOR + name;
  }

  static WorkerId worker(X509Certificate certificate) throws CertificateException {
    Caller caller = caller(certificate);
    if (caller.mayOperate()) {
      throw new CertificateException(
          "certificate of operator " + caller.name() + ": no worker's, which has one of its own");
    }
    return caller.name();
  }

  /** Whose a certificate is, a worker's or an operator's, and what its holder may do. */
  static Caller caller(X509Certificate certificate) throws CertificateException {
    List<String> uris =
        alternatives(certificate, URI).stream()
            .filter(u -> u.startsWith(WORKER) || u.startsWith(OPERATOR))
            .toList();
    if (uris.size() != 1) {
      throw new CertificateException(
          "certificate of " + common(certificate) + ": no worker's (no single " + WORKER + "NAME)");
    }
    boolean operates = uris.getFirst().startsWith(OPERATOR);
    String name = uris.getFirst().substring((operates ? OPERATOR : WORKER).length());
    if (!name.equals(common(certificate))) {
      throw new CertificateException(
          "certificate of "
              + common(certificate)
              + (operates ? " and of operator " : " and of worker ")
              + name
              + ": expected one");
    }
    try {
      return new Caller(new WorkerId(name), operates);
    } catch (UserError e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  /** The common name of whom a certificate is for. */
  static String common(X509Certificate certificate) {
    return common(certificate.getSubjectX500Principal().getEncoded());
  }

  /** The common name of who issued a certificate. */
  static String issuer(X509Certificate certificate) {
    return common(certificate.getIssuerX500Principal().getEncoded());
  }

  private static String common(byte[] name) {
    RDN[] common = X500Name.getInstance(name).getRDNs(BCStyle.CN);
    return common.length == 1
        ? IETFUtils.valueToString(common[0].getFirst().getValue())
        : "(no single common name)";
  }

  /** Host names and addresses in a certificate. */
  static List<String> hosts(X509Certificate certificate) throws CertificateParsingException {
    List<String> hosts = alternatives(certificate, DNS);
    hosts.addAll(alternatives(certificate, ADDRESS));
    return hosts;
  }

  private static List<String> alternatives(X509Certificate certificate, int type)
      throws CertificateParsingException {
    List<String> found = new ArrayList<>();
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    if (all != null) {
      for (List<?> name : all) {
        if (name.getFirst().equals(type) && name.get(1) instanceof String text) {
          found.add(text);
        }
      }
    }
    return found;
  }
}
