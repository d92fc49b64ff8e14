using System.Xml.Linq;
using Google.Protobuf;
using ResNetEdge.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

/// <summary>The trimmed programs do without protobuf's reflection; one message left out would bring all of it back.</summary>
public class SubstitutionsTests
{
    [Fact]
    public void Every_message_of_onnx_proto_is_listed()
    {
        var file = XDocument.Load(Path.Combine(House.Root, "publish-profiles/substitutions.xml"));
        var listed = file.Descendants("assembly").Single(a => (string)a.Attribute("fullname")! == "ResNetEdge.Runtime").Elements("type").ToDictionary(
            type => (string)type.Attribute("fullname")!,
            type => string.Join(' ', type.Elements("method").Select(m => (string)m.Attribute("signature")!)));
        var messages = typeof(OnnxReader).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IMessage)) && t.IsClass)
            .Select(t => t.FullName!.Replace('+', '/'));
        Assert.Equal(messages.Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        Assert.All(listed.Values, methods => Assert.Equal("Google.Protobuf.Reflection.MessageDescriptor get_Descriptor()", methods));
    }
}
