# The bot with its local chat. docker compose up publishes it on this computer only (compose.yaml).
FROM python:3.12-slim

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY content content
RUN pip install --no-cache-dir --constraint constraints.txt '.[semantic]' \
    && useradd --system --create-home --uid 10001 sunbae \
    && install --directory --owner=sunbae /data

# Inside a container 127.0.0.1 reaches nobody, so the chat listens to the container's network.
# It has no passwords: publish the port with care.
ENV SUNBAE_WEB=0.0.0.0:8321 SUNBAE_HOME=/data
USER sunbae
WORKDIR /data
# Asks nothing, but indexes the notes: a new volume begins with what stands in /data, and a first start finds it.
RUN sunbae ask --batch - --json </dev/null
VOLUME /data
EXPOSE 8321
CMD ["sunbae"]
