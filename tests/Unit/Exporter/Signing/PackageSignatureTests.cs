using System.Text.Json.Nodes;
using ResNetEdge.Exporter.Signing;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Exporter.Signing;

/// <summary>A package that is opened with a key is the one that was signed, or is refused.</summary>
public class PackageSignatureTests
{
    [Theory]
    [InlineData("p")]
    [InlineData("p.zip")]
    public void What_is_signed_is_opened_and_every_file_of_it_read(string name)
    {
        using var sample = new SignedSample(name);
        using var package = sample.Open();
        using var keys = TrustedKeys.Read(sample.Public);
        Assert.Equal(keys.Ids.Single(), package.SignedBy);
        package.VerifyFiles();
        Assert.NotEmpty(package.Model.Graph.Nodes);
        Assert.NotNull(package.ReadLadder());
        Assert.Equal(3, package.Labels!.Count);
        Assert.Single(package.ReadGolden(level: 2));
    }

    [Fact]
    public void A_signed_zip_has_the_same_files_and_signing_again_replaces_the_signature()
    {
        using var sample = new SignedSample("p.zip");
        byte[] Manifest()
        {
            using var package = sample.Open();
            return package.ManifestBytes.ToArray();
        }

        byte[] before = Manifest();
        sample.Sign();
        Assert.Equal(before, Manifest());
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(sample.Folder), p => Path.GetFileName(p).Contains(".tmp-", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_key_a_signed_package_is_like_any_other()
    {
        using var sample = new SignedSample();
        using var package = Package.Open(sample.Package);
        package.VerifyFiles();
        Assert.Null(package.SignedBy);
    }

    [Fact]
    public void Another_key_is_refused_and_both_are_named()
    {
        using var sample = new SignedSample();
        string other = sample.WriteKey("other").Public;
        using var trusted = TrustedKeys.Read(other);
        string message = Refused(() => sample.Open(other));
        Assert.Contains("is not in", message, StringComparison.Ordinal);
        Assert.Contains(trusted.Ids.Single()[..16], message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_that_names_a_trusted_key_but_was_made_with_another_is_refused()
    {
        using var sample = new SignedSample();
        string id = JsonNode.Parse(File.ReadAllText(sample.SignatureFile))!["key_id"]!.GetValue<string>();
        using var forger = SigningKey.Read(sample.WriteKey("other").Key);
        var forged = PackageSigner.Sign(sample.Package, forger) with { KeyId = id };
        File.WriteAllBytes(sample.SignatureFile, forged.ToJson());
        Assert.Contains("does not match its manifest", Refused(() => sample.Open()), StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_may_hold_the_old_and_the_new_key()
    {
        using var sample = new SignedSample();
        string both = Path.Combine(sample.Folder, "both.pub");
        File.WriteAllText(
            both, "the new one\n" + File.ReadAllText(sample.WriteKey("new").Public) + "\nthe old one\n" + File.ReadAllText(sample.Public));
        using var package = sample.Open(both);
        Assert.NotNull(package.SignedBy);
    }

    [Fact]
    public void A_missing_signature_and_a_bare_model_are_refused()
    {
        using var sample = new SignedSample();
        File.Delete(sample.SignatureFile);
        Assert.Contains("is not signed", Refused(() => sample.Open()), StringComparison.Ordinal);
        using var keys = TrustedKeys.Read(sample.Public);
        Assert.Contains("bare file", Refused(() => Package.Open(Path.Combine(sample.Package, "model.onnx"), keys)), StringComparison.Ordinal);
    }

    /// <summary>Every prefix, and every bit of every byte: refused with exit 4, or, where only white space changed, accepted.</summary>
    [Fact]
    public void A_damaged_signature_is_refused()
    {
        using var sample = new SignedSample();
        byte[] valid = File.ReadAllBytes(sample.SignatureFile);
        string text = Meaning(valid);
        using var keys = TrustedKeys.Read(sample.Public);
        for (int length = 0; length < valid.Length - 2; length++) Try(valid[..length]);
        for (int i = 0; i < valid.Length; i++)
        {
            byte[] damaged = [.. valid];
            damaged[i] ^= (byte)(1 << (i % 8));
            Try(damaged);
        }

        void Try(byte[] damaged)
        {
            File.WriteAllBytes(sample.SignatureFile, damaged);
            try
            {
                using var package = Package.Open(sample.Package, keys);
                Assert.Equal(text, Meaning(damaged));
            }
            catch (EdgeException e)
            {
                Assert.Equal(FailureKind.Refused, e.Kind);
            }
        }

        static string Meaning(byte[] json) => JsonNode.Parse(json)!.ToJsonString();
    }

    [Theory]
    [InlineData("""{"algorithm":"none","key_id":"","signature":""}""")]
    [InlineData("""{"algorithm":"ecdsa-p256-sha256","key_id":"00","signature":""}""")]
    [InlineData("""{"algorithm":"ecdsa-p256-sha256","key_id":null,"signature":"AA=="}""")]
    [InlineData("""{"algorithm":"ecdsa-p256-sha256","signature":"AA=="}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_hostile_signature_is_refused(string json)
    {
        using var sample = new SignedSample();
        File.WriteAllText(sample.SignatureFile, json);
        Refused(() => sample.Open());
        File.WriteAllText(sample.SignatureFile, json + new string(' ', PackageSignature.MaxBytes + 1));
        Assert.Contains("more than the 4096 allowed", Refused(() => sample.Open()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_manifest_is_refused_before_it_is_parsed()
    {
        using var sample = new SignedSample();
        string manifest = Path.Combine(sample.Package, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"sample\"", "\"simple\"", StringComparison.Ordinal));
        Assert.Contains("does not match its manifest", Refused(() => sample.Open()), StringComparison.Ordinal);
        File.WriteAllText(manifest, "{");
        Assert.Contains("does not match its manifest", Refused(() => sample.Open()), StringComparison.Ordinal);
    }

    /// <summary>Checked and used are the same bytes: a file that changes after the package was opened does not get through either.</summary>
    [Fact]
    public void A_file_changed_after_opening_is_refused_even_where_its_crc_stays()
    {
        using var sample = new SignedSample();
        using var signed = sample.Open();
        using var unsigned = Package.Open(sample.Package);
        string file = Path.Combine(sample.Package, "labels.txt");
        byte[] bytes = File.ReadAllBytes(file);
        KeepCrc(bytes);
        File.WriteAllBytes(file, bytes);
        Assert.Equal(Crc32C.Hex(bytes), unsigned.Manifest!.Files.Single(f => f.Path == "labels.txt").Crc32c);
        Assert.Contains("is not the file that was signed (SHA-256 differs)", Refused(() => _ = signed.Labels), StringComparison.Ordinal);
        foreach (string name in (string[])["model.onnx", "ladder.onnx", "golden/000.input0.npy", "golden/level1/000.output0.npy"])
            Flip(Path.Combine(sample.Package, name));
        Refused(() => _ = signed.Model.Graph);
        Refused(() => _ = signed.ReadLadder());
        Refused(() => _ = signed.ReadGolden().ToArray());
        Refused(() => _ = signed.ReadGolden(level: 1).ToArray());
    }

    [Fact]
    public void A_package_whose_files_do_not_fit_is_not_signed()
    {
        using var sample = new SignedSample();
        Flip(Path.Combine(sample.Package, "labels.txt"));
        byte[] before = File.ReadAllBytes(sample.SignatureFile);
        Assert.Contains("labels.txt", Refused(sample.Sign), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(sample.SignatureFile));
    }

    // Adding a multiple of the checksum's polynomial, 0x11EDC6F41, lowest bit of a byte first, leaves the checksum as it was.
    private static void KeepCrc(byte[] bytes)
    {
        for (int bit = 0; bit <= 32; bit++)
        {
            if ((0x11EDC6F41L >> (32 - bit) & 1) != 0) bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static string Refused(Action action)
    {
        var e = Assert.Throws<EdgeException>(action);
        Assert.Equal(FailureKind.Refused, e.Kind);
        return e.Message;
    }
}
